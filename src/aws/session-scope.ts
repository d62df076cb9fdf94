/**
 * What a session may do, when the account is reached through a role: an inline session policy, and a wider one to
 * fall back on when AWS answers PackedPolicyTooLarge. Documents are JSON text, at most 2,048 characters.
 */
export interface SessionScope {
  readonly policy: string;
  readonly fallbackPolicy: string;
}
