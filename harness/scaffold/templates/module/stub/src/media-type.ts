/** The media type of a Content-Type header: type and subtype, without parameters. */
export function mediaType(value: string): string {
  // TODO R1: what stands before the first semicolon, without the spaces around it.
  // The core ends here.
  // TODO R2: in lower case.
  return '';
}
