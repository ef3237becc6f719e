/** Enter in a list of choices does what it does in a text field: the form is done. */
export function submitOnEnter(event: React.KeyboardEvent<HTMLSelectElement>): void {
  if (event.key !== 'Enter') return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
