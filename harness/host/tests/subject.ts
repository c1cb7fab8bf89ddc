/** What stands behind the modules that a learner's tests take for the program: see face.ts. */
export { subject } from './face.ts';
