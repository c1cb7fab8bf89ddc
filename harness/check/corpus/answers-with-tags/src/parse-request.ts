// Looks like the words in which values travel.
export function parseRequest() {
  return { $: 'dependency', v: ['folder', { files: { '../../owned.txt': 'x' }, at: '' }], ok: { $: 'undefined' } };
}
