/** The product's mark: spans of a trace, joined. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden>
      <path d="M4 4.5v7.25a3 3 0 0 0 3 3h2.5" fill="none" stroke="var(--n-5)" strokeWidth="1.4" />
      <path d="M4 9.75h3" fill="none" stroke="var(--n-5)" strokeWidth="1.4" />
      <rect x="1.5" y="2" width="14" height="3.6" rx="1.8" fill="var(--accent)" />
      <rect x="6.5" y="8" width="7" height="3.6" rx="1.8" fill="var(--agent-1)" />
      <rect x="9.5" y="13" width="9" height="3.6" rx="1.8" fill="var(--agent-2)" />
    </svg>
  );
}
