// The feature `sign-in`: what can be seen without signing in.

import { define } from "../element.js";
import { addWords } from "../words.js";
import { ForgotPasswordPage } from "./forgot-password.js";
import { RegisterPage } from "./register.js";
import { ResetPasswordPage } from "./reset-password.js";
import { SignInPage } from "./sign-in.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

define("tl-sign-in-page", SignInPage);
define("tl-register-page", RegisterPage);
define("tl-forgot-password-page", ForgotPasswordPage);
define("tl-reset-password-page", ResetPasswordPage);
