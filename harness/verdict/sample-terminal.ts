import { failed, sampleVerdict, untried } from './sample.ts';
import type { RenderOptions } from './terminal.ts';

/** How a verdict is shown where nothing is known of the terminal. */
export const plain: RenderOptions = {
  colour: false,
  columns: 80,
  unicode: true,
  exerciseTitle: 'An HTTP server without a framework',
  firstTry: false,
  opened: [],
  recorded: true,
  only: null,
};

/** What an untouched stub gives: rules without needs fail, the others wait. */
export const stubVerdict = sampleVerdict(
  Object.fromEntries(
    sampleVerdict().rules.map((rule) => [
      rule.id,
      rule.needs.length > 0 ? untried : failed({ expected: '200', got: '404' }),
    ]),
  ),
);

/** A rule that failed, with all that a message can have. */
export const wrongLength = failed(
  {
    step: 'a name with umlauts',
    sent: 'GET /hello?name=J%C3%BCrgen',
    expected: '200 with the body "Hello, Jürgen!"',
    got: '200 · content-type: text/plain; charset=utf-8 · "Hello, Jürgen"',
    often: 'Content-Length counts characters, not bytes.',
  },
  {
    exchange: { method: 'GET', target: '/hello?name=J%C3%BCrgen', headers: [], body: null, raw: null },
  },
);
