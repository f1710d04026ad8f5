// SPDX-License-Identifier: Apache-2.0
// A document that a decision stands on. It stays with people: its SHA-256 alone is sent, computed
// here; where a browser cannot (no HTTPS), the 64 digits are typed.

import { useState } from "preact/hooks";

import { Why } from "./problem";

const digits = /^[0-9a-f]{64}$/;

async function hashOf(file: File): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function isDocument(text: string): boolean {
  return digits.test(text);
}

export function DocumentField(props: {
  label: string;
  value: string;
  set: (sha256: string) => void;
  required: boolean;
}) {
  const [problem, setProblem] = useState<unknown>(null);
  const byHand = !globalThis.crypto?.subtle;

  if (byHand) {
    return (
      <label>
        <span>{`${props.label} (SHA-256)`}</span>
        <input
          value={props.value}
          required={props.required}
          pattern="[0-9a-f]{64}"
          maxLength={64}
          onInput={(event) => props.set(event.currentTarget.value.trim())}
        />
      </label>
    );
  }
  const read = async (file: File | undefined) => {
    setProblem(null);
    try {
      props.set(file ? await hashOf(file) : "");
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <label>
      <span>{props.label}</span>
      <input
        type="file"
        required={props.required}
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
      {props.value && (
        <small class="under document-hash">SHA-256 {props.value.slice(0, 16)}…</small>
      )}
      {Boolean(problem) && (
        <small class="problem">
          <Why of={problem} />
        </small>
      )}
    </label>
  );
}
