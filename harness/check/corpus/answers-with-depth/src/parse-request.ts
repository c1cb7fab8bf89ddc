export function parseRequest() {
  let answer: object = {};
  for (let i = 0; i < 100_000; i++) answer = { answer };
  return answer;
}
