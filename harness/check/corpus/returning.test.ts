import { testCorpus } from './corpus-tests.ts';
import { RETURNING } from './lists.ts';

testCorpus(RETURNING);
