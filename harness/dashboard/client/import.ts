/** The form of the history. Without this it takes the text of a file; with it the file, which is sent as it is. */
export function takeImport(token: string, say: (text: string) => void): void {
  const form = document.querySelector<HTMLFormElement>('#import');
  const input = form?.querySelector<HTMLInputElement>('input[type="file"]');
  if (form === null || input === null || input === undefined) return;
  for (const [id, isHidden] of [
    ['import-file', false],
    ['import-text', true],
  ] as const) {
    const label = document.getElementById(id);
    if (label === null) continue;
    label.hidden = isHidden;
    // What nobody sees must not be asked for.
    for (const field of label.querySelectorAll('input, textarea'))
      field.toggleAttribute('required', !isHidden);
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const file = input.files?.[0];
    if (file !== undefined) void send(file, token, say);
  });
}

async function send(file: File, token: string, say: (text: string) => void): Promise<void> {
  try {
    const response = await fetch('/history/import', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Workbook-Token': token },
      body: await file.text(),
    });
    if (response.status === 403) return location.reload();
    if (!response.ok) return say('This file is no progress that a workbook exported. Nothing was changed.');
    const { message } = (await response.json()) as { message: string };
    say(message);
  } catch {
    say('The workbook does not answer. Is npm start still running?');
  }
}
