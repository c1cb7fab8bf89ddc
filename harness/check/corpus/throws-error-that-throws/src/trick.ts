// Every look at this error is an error.
class Thorny extends Error {
  override get name(): string {
    throw new Error('do not look at my name');
  }
  override get message(): string {
    throw new Error('do not look at my message');
  }
  override get stack(): string {
    throw new Error('do not look at my stack');
  }
}
throw new Thorny();
