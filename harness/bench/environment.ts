/** The environment of a shell: what npm set for this command would change what an npm that it starts does. */
export function outsideNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.keys(env).filter((name) => !/^npm_/i.test(name) && name !== 'INIT_CWD');
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}
