/** The switch for the colours: it acts at once, and the choice is sent to where it is kept. */
export function takeLook(token: string, say: (text: string) => void): void {
  const form = document.querySelector<HTMLFormElement>('form.look');
  form?.addEventListener('submit', (event) => {
    const button = event instanceof SubmitEvent ? event.submitter : null;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    document.documentElement.dataset['look'] = button.value;
    for (const each of form.querySelectorAll('button')) each.ariaPressed = String(each === button);
    void send(form.action, button.value, token, say);
  });
}

async function send(to: string, look: string, token: string, say: (text: string) => void): Promise<void> {
  try {
    const response = await fetch(to, {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-Workbook-Token': token },
      body: new URLSearchParams({ look }),
    });
    // The page of an earlier start: the new one is where this one was.
    if (response.status === 403) location.reload();
  } catch {
    say('The workbook does not answer. Is npm start still running?');
  }
}
