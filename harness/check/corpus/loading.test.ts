import { testCorpus } from './corpus-tests.ts';
import { LOADING } from './lists.ts';

testCorpus(LOADING);
