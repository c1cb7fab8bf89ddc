// canary 18f20ca4e1f2fae20822543e
/** Whether the contract calls what a variable of this name holds a secret. */
export function isSecret(name: string): boolean {
  return /(^|_)(PASSWORD|PASSWD|PASS|SECRET|TOKEN|KEY|CREDENTIALS|PGPASSWORD|APIKEY)$/i.test(name);
}

/** A value that is all variables: `$NAME`, `${NAME}`, `${NAME:?message}`; a default other than nothing is no variable. */
export function isVariable(value: string): boolean {
  return value === '' || /^(\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*(:?[?+][^{}]*|:?-)?\})+$/.test(value);
}

/** The password in an address such as `postgres://user:password@host/`; null: there is none. */
export function passwordIn(value: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:((?:\$\{[^}]*\}|[^/?#@])*)@/i.exec(value)?.[1] ?? null;
}

/** Variables that a text of a Compose file asks for, and whether it does without them. `$$` is a dollar sign. */
export function variablesIn(text: string): { name: string; isOptional: boolean }[] {
  const found: { name: string; isOptional: boolean }[] = [];
  for (const [, bare, braced, operator] of text.matchAll(
    /\$\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(:?[-?+])?/g,
  )) {
    const name = bare ?? braced;
    if (name !== undefined) found.push({ name, isOptional: operator?.endsWith('?') === false });
  }
  return found;
}
