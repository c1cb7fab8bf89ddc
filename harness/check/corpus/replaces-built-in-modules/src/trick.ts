// What Node.js itself brings is one object for all who share a process, and can be written to.
const load = async (...name: string[]): Promise<any> => await import(name.join(''));
for (const way of [
  async () => {
    const strict = (await load('node:assert', '/strict')).default;
    for (const name of ['equal', 'deepEqual', 'strictEqual', 'deepStrictEqual', 'ok']) strict[name] = () => {};
  },
  async () => (await load('node:mod', 'ule')).syncBuiltinESMExports(),
]) {
  try {
    await way();
  } catch (error) {
    console.log((error as { code?: string }).code);
  }
}
export {};
