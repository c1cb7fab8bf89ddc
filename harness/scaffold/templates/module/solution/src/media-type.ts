/** The media type of a Content-Type header: type and subtype, without parameters, in lower case. */
export function mediaType(value: string): string {
  const [type = ''] = value.split(';');
  return type.trim().toLowerCase();
}
