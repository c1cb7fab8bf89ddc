export function sourceStamp(root: string): string;
export function builtStamp(root: string): string | null;
export function build(root: string): Promise<void>;
export const ENTRIES: Readonly<Record<string, string>>;
export const PAGES: readonly { in: string; out: string }[];
export const TESTS: Readonly<Record<string, string>>;
