// canary {{CANARY}}
import { rule, step } from '#suite';

rule('R1', async (t) => {
  const type = `text/${t.random.word()}`;
  await step(t, 'no parameters', () => t.mustReturnValue('mediaType', [type], type));
  await step(t, 'one parameter', () => t.mustReturnValue('mediaType', [`${type}; charset=utf-8`], type));
  await step(t, 'two parameters, without spaces', () =>
    t.mustReturnValue('mediaType', [`${type};charset=utf-8;q=1`], type),
  );
  await step(t, 'a space before the semicolon', () =>
    t.mustReturnValue('mediaType', [`${type} ; charset=utf-8`], type),
  );
});

rule('R2', async (t) => {
  const type = `text/${t.random.word()}`;
  await step(t, 'all in capital letters', () =>
    t.mustReturnValue('mediaType', [`${type.toUpperCase()}; charset=utf-8`], type),
  );
});
