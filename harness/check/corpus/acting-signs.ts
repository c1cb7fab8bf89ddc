/** Characters that act on a terminal or reorder what is read. */
export const RAW =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** What a CI runner takes for a command. */
export const COMMAND = /^\s*::|##\[/m;
