export async function createServer() {
  await Promise.reject(new Error('\u001b[31mno server today\u001b[0m '.repeat(1000)));
}
