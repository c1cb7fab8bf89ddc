import { expect, test } from 'vitest';
import { outsideNpm } from './environment.ts';

test('what npm set is left out, in any case of letters, and all else stays', () => {
  const env = {
    PATH: '/bin',
    npm_config_json: 'true',
    NPM_CONFIG_USERCONFIG: 'x',
    INIT_CWD: '/a',
    MY_npm_x: '1',
  };
  expect(outsideNpm(env)).toEqual({ PATH: '/bin', MY_npm_x: '1' });
});
