export function sourceStamp(root: string): string;
export function builtStamp(root: string): string | null;
export function build(root: string): Promise<void>;
