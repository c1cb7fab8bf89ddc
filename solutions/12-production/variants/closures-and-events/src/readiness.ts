export type Check = { name: string; check: () => Promise<unknown> };
type Sleep = (ms: number) => Promise<unknown>;

/** Whether all checks are well; counts answers instead of joining promises. */
export const isReady = (checks: Check[], timeoutMs: number, sleep: Sleep): Promise<boolean> =>
  new Promise((resolve) => {
    let open = checks.length;
    if (open === 0) resolve(true);
    else void sleep(timeoutMs).then(() => resolve(false));
    for (const { check } of checks) {
      new Promise((settle) => settle(check())).then(
        () => {
          open -= 1;
          if (open === 0) resolve(true);
        },
        () => resolve(false),
      );
    }
  });
