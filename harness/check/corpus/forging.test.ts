import { testCorpus } from './corpus-tests.ts';
import { FORGERS } from './lists.ts';

testCorpus(FORGERS);
