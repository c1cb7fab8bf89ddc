import { testCorpus } from './corpus-tests.ts';
import { SHOWING } from './lists.ts';

testCorpus(SHOWING);
