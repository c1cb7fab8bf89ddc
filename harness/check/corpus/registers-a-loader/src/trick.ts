const load = async (...name: string[]): Promise<any> => await import(name.join(''));
const module = await load('node:mod', 'ule');

const hooks = `export async function load(url, context, next) {
  const loaded = await next(url, context);
  return { ...loaded, source: String(loaded.source ?? '').replaceAll('toBe(4)', 'toBe(2)') };
}`;
for (const way of [
  () => module.register(`data:text/javascript,${encodeURIComponent(hooks)}`),
  () => (module.Module._load = () => ({})),
  () => Object.keys(module.Module._cache ?? {}).forEach((key) => (module.Module._cache[key].exports = {})),
]) {
  try {
    way();
  } catch (error) {
    console.log((error as { code?: string }).code);
  }
}
export {};
