// SPDX-License-Identifier: Apache-2.0
// Why something did not succeed, in the language of the page.

import { useCommon, useWords } from "./language";
import { refusalOf, words } from "./refusals";

export function Why(props: { of: unknown }) {
  const { text, detail } = refusalOf(props.of, useWords(words));

  return (
    <>
      {text}
      {detail && (
        <span class="under" lang="en">
          {detail}
        </span>
      )}
    </>
  );
}

/** Of something that was asked for: nothing while there is nothing to say. */
export function Problem(props: { of: unknown }) {
  if (!props.of) return null;
  return (
    <p class="problem">
      <Why of={props.of} />
    </p>
  );
}

/** Of a form: there from the beginning, so that what comes is read aloud. */
export function FormProblem(props: { of: unknown }) {
  const common = useCommon();

  return (
    <p class="problem" role="alert">
      {Boolean(props.of) && (
        <>
          {common.failed} <Why of={props.of} />
        </>
      )}
    </p>
  );
}
