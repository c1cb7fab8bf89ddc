class Endless extends Map<number, number> {
  override *[Symbol.iterator](): MapIterator<[number, number]> {
    for (let i = 0; ; i++) yield [i, i];
  }
}

export function parseRequest() {
  return new Endless();
}
