/** Opens one file beside the page. The server's policy for scripts gives a worker no way to any address. */

import { type Answer, answersTo, type Question } from "./answers";

interface Port {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(answer: Answer, moved: Transferable[]): void;
}

const port = self as unknown as Port;

port.onmessage = async ({ data }) => {
  for await (const [answer, moved] of answersTo(data)) port.postMessage(answer, moved);
};
