/** The distance fades to paper. It hides the end of the data. */

import { Cartesian2, Cartesian3, type Color, PostProcessStage } from "@cesium/engine";

const SHADER = `
uniform sampler2D colorTexture;
uniform sampler2D depthTexture;
uniform vec3 paper;
uniform vec2 reach;
in vec2 v_textureCoordinates;
void main() {
  vec4 color = texture(colorTexture, v_textureCoordinates);
  float depth = czm_readDepth(depthTexture, v_textureCoordinates);
  vec4 eye = czm_inverseProjection * vec4(2.0 * v_textureCoordinates - 1.0, 2.0 * depth - 1.0, 1.0);
  float metres = -eye.z / eye.w;
  float haze = depth >= 1.0 ? 1.0 : smoothstep(reach.x, reach.y, metres);
  out_FragColor = vec4(mix(color.rgb, paper, haze), 1.0);
}`;

/** From 1.1 to 2 times the distance to what is looked at: fixed metres wash out the city from afar. */
export function makeHaze(paper: Color, distance: () => number): PostProcessStage {
  return new PostProcessStage({
    fragmentShader: SHADER,
    uniforms: {
      paper: new Cartesian3(paper.red, paper.green, paper.blue),
      reach: () => new Cartesian2(1.1 * distance(), 2 * distance()),
    },
  });
}
