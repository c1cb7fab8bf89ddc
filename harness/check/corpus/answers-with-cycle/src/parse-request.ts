export function parseRequest() {
  const answer: Record<string, unknown> = { ok: true };
  answer.answer = answer;
  return answer;
}
