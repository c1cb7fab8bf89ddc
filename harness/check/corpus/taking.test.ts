import { testCorpus } from './corpus-tests.ts';
import { TAKING } from './lists.ts';

testCorpus(TAKING);
