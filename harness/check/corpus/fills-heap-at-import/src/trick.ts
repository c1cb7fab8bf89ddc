const all: number[][] = [];
for (;;) all.push(Array.from({ length: 10_000 }, (_none, i) => i + all.length + 0.5));
