import { testCorpus } from './corpus-tests.ts';
import { PIPE } from './lists.ts';

testCorpus(PIPE);
