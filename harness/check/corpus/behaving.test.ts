import { testCorpus } from './corpus-tests.ts';
import { BEHAVING } from './lists.ts';

testCorpus(BEHAVING);
