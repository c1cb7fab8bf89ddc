import { afterEach, describe, expect, test, vi } from 'vitest';
import { hostEnvironment, nodeVersion, permissionFlags } from './isolation.ts';

const ACCESS = { read: ['/scratch', '/host.mjs'], write: [], addons: false };

describe('permissionFlags', () => {
  test.each([
    ['v20.19.0', '--experimental-permission'],
    ['v22.12.0', '--experimental-permission'],
    ['v22.13.0', '--permission'],
    ['v22.20.1', '--permission'],
    ['v23.4.0', '--experimental-permission'],
    ['v23.5.0', '--permission'],
    ['v24.0.0', '--permission'],
    ['v26.1.0', '--permission'],
  ])('on %s begin with %s', (version, flag) => {
    expect(permissionFlags(ACCESS, version)[0]).toBe(flag);
  });

  test('name every path of its own, so that a comma in a path splits nothing', () => {
    expect(
      permissionFlags({ read: ['/a', '/b,c'], write: ['/d'], addons: false }, 'v22.20.0').slice(1),
    ).toEqual(['--allow-fs-read=/a', '--allow-fs-read=/b,c', '--allow-fs-write=/d']);
  });

  test('open the network where it is closed by default, and addons only on demand', () => {
    expect(permissionFlags(ACCESS, 'v24.9.0')).not.toContain('--allow-net');
    expect(permissionFlags(ACCESS, 'v25.0.0')).toContain('--allow-net');
    expect(permissionFlags(ACCESS, 'v26.0.0')).toContain('--allow-net');
    expect(permissionFlags(ACCESS, 'v24.9.0')).not.toContain('--allow-addons');
    expect(permissionFlags({ ...ACCESS, addons: true }, 'v24.9.0')).toContain('--allow-addons');
  });

  test.each(['v20.19.0', 'v22.20.0', 'v24.0.0', 'v26.0.0'])(
    'never allow processes, threads or writing on %s',
    (version) => {
      expect(permissionFlags(ACCESS, version).join(' ')).not.toMatch(/child|worker|wasi|write|inspector/);
    },
  );
});

test('nodeVersion reads what process.version says', () => {
  expect(nodeVersion('v22.13.1')).toEqual({ major: 22, minor: 13 });
  expect(nodeVersion('v27.0.0-nightly20270101')).toEqual({ major: 27, minor: 0 });
  expect(nodeVersion(process.version).major).toBeGreaterThanOrEqual(20);
});

describe('hostEnvironment', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test('inherits nothing that changes a program or tells a secret', () => {
    for (const name of [
      'NODE_OPTIONS',
      'NODE_PATH',
      'VITEST',
      'npm_config_x',
      'GITHUB_TOKEN',
      'PATH',
      'HOME',
      'TZ',
    ]) {
      vi.stubEnv(name, 'canary');
    }
    expect(Object.values(hostEnvironment())).not.toContain('canary');
  });

  test.skipIf(process.platform === 'win32')('is empty where the system needs nothing', () => {
    expect(hostEnvironment()).toEqual({});
  });

  test('adds what the caller names', () => {
    expect(hostEnvironment({ TZ: 'UTC' })).toMatchObject({ TZ: 'UTC' });
  });
});
