/** What one look at the machine brought. `fix`: a command or a step that helps; null: there is nothing to do. */
export type Finding = {
  /** What was looked at, in a word or two. */
  name: string;
  /** `warn`: the workbook works, but something will be missed. `fail`: a check would not work. */
  state: 'ok' | 'warn' | 'fail';
  /** What was found, a sentence. */
  text: string;
  fix: string | null;
};

export const ok = (name: string, text: string): Finding => ({ name, state: 'ok', text, fix: null });

export const warn = (name: string, text: string, fix: string | null): Finding => ({
  name,
  state: 'warn',
  text,
  fix,
});

export const fail = (name: string, text: string, fix: string | null): Finding => ({
  name,
  state: 'fail',
  text,
  fix,
});
