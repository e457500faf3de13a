// A file that is there, whichever page has uploaded it.

/** @typedef {import("../composing/uploads.js").UploadState} UploadState */
/** A file that is there, or on its way. @typedef {import("../composing/uploads.js").Upload | ReturnType<typeof uploaded>} Upload */

/** A file that an earlier page has uploaded. @param {import("./drafts.js").KeptFile} kept */
export function uploaded(kept) {
  const { id, name, size } = kept;
  const state = /** @type {UploadState} */ ("done");
  const preview = kept.is_picture ? `/api/v1/files/${id}/thumbnail` : null;
  const nothing = () => {};
  return { key: id, kept, name, size, state, progress: 1, why: "", canRetry: false, isUnreachable: false, preview, start: nothing, cancel: nothing };
}
