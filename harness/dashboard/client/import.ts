/** The form of the history that takes a file: it is read here and sent as it is. */
export function takeImport(token: string, say: (text: string) => void): void {
  const form = document.querySelector<HTMLFormElement>('#import');
  const input = form?.querySelector<HTMLInputElement>('input[type="file"]');
  if (form === null || input === null || input === undefined) return;
  form.hidden = false;
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
