/** Sets styles from script. A style attribute, which Lit's own directive writes first, is refused by the policy. */

import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

class Painted extends Directive {
  render(_: Readonly<Record<string, string>>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Readonly<Record<string, string>>]): unknown {
    const element = part.element as HTMLElement;
    for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
    return noChange;
  }
}

/** For a place of its own in a tag: `<i ${painted({ background: colour })}></i>`. */
export const painted = directive(Painted);
