/** An archive that cannot be taken apart, or only at a price that nobody wants to pay. The message is a sentence or two. */
export class BadArchive extends Error {}

/** What a library throws about an archive is the archive's fault. */
export async function blamed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BadArchive) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new BadArchive(`The archive is damaged (${why.slice(0, 200)}). Pack it anew.`);
  }
}
