/** The one thing that is done next with an agent's mailbox. */
export type Step =
  /** Nothing waits. */
  | { readonly type: 'Nothing' }
  /** The pane has to be looked at before more can be said. */
  | { readonly type: 'Look' }
  | { readonly type: 'Wait'; readonly reason: string; readonly id: string; readonly forMs: number }
  /** Hand it over: the intent first, then the paste, the request, the line. */
  | { readonly type: 'Deliver'; readonly id: string }
  /** The paste was done by a controller that did not live to say so. */
  | { readonly type: 'TakeAsTyped'; readonly id: string }
  /** It was never typed, or the process that had it in its box is gone. `failed`: that counts as a try. */
  | { readonly type: 'PutBack'; readonly id: string; readonly failed: boolean; readonly reason: string }
  | { readonly type: 'Enter'; readonly id: string }
  /** One round of Enters led nowhere: after a pause there is another. */
  | { readonly type: 'EnterFailed'; readonly id: string }
  | { readonly type: 'Left'; readonly id: string }
  | { readonly type: 'Confirm'; readonly id: string }
  | { readonly type: 'Unconfirmed'; readonly id: string; readonly reason: string }
  | { readonly type: 'Expire'; readonly id: string }
  /** It counted as submitted without a record, and now its text is seen in the box after all: the program was slow. */
  | { readonly type: 'Reopen'; readonly id: string }
  /** `clear`: what stands in the box is certainly ours, and is taken out of it. */
  | { readonly type: 'GiveUp'; readonly id: string; readonly reason: string; readonly clear: boolean };
