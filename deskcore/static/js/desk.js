// Starts the parts. Every page works without this file; it makes work quicker, not possible.
import { startActions } from './actions.js';
import { startConnection } from './connection.js';
import { startDialogs } from './dialogs.js';
import { startDrafts } from './drafts.js';
import { startFields } from './fields.js';
import { startFocus } from './focus.js';
import { startFrames } from './frames.js';
import { startKeys } from './keys.js';
import { startParts } from './parts.js';
import { startToasts } from './toasts.js';

// Dialogs first: a question stops a form before anything else sees it.
startDialogs();
startActions();
startKeys();
startToasts();
startFields();
startDrafts();
startFrames();
startParts();
startConnection();
startFocus();
