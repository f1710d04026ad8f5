// SPDX-License-Identifier: Apache-2.0
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="logo-ground" />
      <path d="M6 18.5 16 9l10 9.5" class="logo-roof" />
      <path d="M11.5 20.2a6.4 6.4 0 0 1 9 0" class="logo-wave" />
      <circle cx="16" cy="24" r="1.9" class="logo-dot" />
    </svg>
  );
}
