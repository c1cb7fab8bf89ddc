// Another value at every look.
export function parseRequest() {
  let looks = 0;
  return {
    get ok() {
      return looks++ % 2 === 0;
    },
    get error() {
      return ['malformed', 'missing_host'][looks++ % 2];
    },
  };
}
