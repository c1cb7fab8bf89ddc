import request from 'supertest';

/** What a learner's tests get for `supertest`, in the two ways in which it may be imported. */
export const { agent } = request;
export { request as default };
