// canary 1b7c44a0d9e25f6683aa01c9
import { rule, Unmet } from '#suite';

function must(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new Unmet({ expected, got: JSON.stringify(got) });
}

rule('R11', async (t) => {
  const db = await t.sql([{ file: 'src/schema.sql' }, "INSERT INTO books VALUES (1, 'A', 5), (2, 'B', 1)"]);
  const read = await db.run({ file: 'src/queries/q01.sql' }, { low: 2 });
  must(
    JSON.stringify(read) === '{"columns":["title","price"],"rows":[["A",5]],"changes":0}',
    'one row',
    read,
  );
  const written = await db.write({ file: 'src/queries/q02.sql' }, { title: 'C' });
  must(written.changes === 1, 'one change', written);
  const refused = await db.try("INSERT INTO books VALUES (4, 'D', -1)");
  must(!refused.ok && refused.code === 'SQLITE_CONSTRAINT_CHECK', 'the constraint', refused);
});

rule('R12', async (t) => {
  const db = await t.sql([{ file: 'src/schema.sql' }]);
  await db.run({ file: 'src/queries/q02.sql' }, { title: 'C' });
});

rule('R13', async (t) => {
  const db = await t.sql([{ file: 'src/schema.sql' }]);
  await db.run({ file: 'src/queries/q03.sql' });
});

rule('R14', async (t) => {
  const db = await t.sql([{ file: 'src/schema.sql' }]);
  await db.run({ file: 'src/queries/q04.sql' });
});
