variable "instances" {
  description = "The instances, by name, each with the private address at which the proxy reaches it."
  type        = map(string)
  validation {
    condition     = length(var.instances) > 0 && alltrue([for address in values(var.instances) : can(cidrhost("${address}/32", 0))])
    error_message = "At least one instance, each with an IPv4 address."
  }
}

variable "binary_url" {
  description = "Where the machines fetch the program: an https address."
  type        = string
  validation {
    condition     = startswith(var.binary_url, "https://")
    error_message = "The program is fetched by https."
  }
}

variable "binary_sha256" {
  description = "SHA-256 of the program, in hexadecimal digits; what is fetched and differs is not installed."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.binary_sha256))
    error_message = "64 hexadecimal digits."
  }
}

variable "database_url" {
  description = "The database, as DATABASE_URL: of the role trunkline_app, several hosts with target_session_attrs=read-write."
  type        = string
  sensitive   = true
}

variable "jwt_secret" {
  description = "auth.jwt_secret, the same for all instances: at least 32 bytes."
  type        = string
  sensitive   = true
  validation {
    condition     = length(var.jwt_secret) >= 32
    error_message = "At least 32 bytes."
  }
}

variable "secrets_key" {
  description = "secrets.key, the same for all instances, as `trunkline secret generate-key` prints it."
  type        = string
  sensitive   = true
}

variable "public_url" {
  description = "How people reach the server, without a slash at the end."
  type        = string
}

variable "proxies" {
  description = "The networks of the proxies, whose X-Forwarded-For is believed."
  type        = list(string)
  default     = []
}

variable "settings" {
  description = "More of the configuration, by the names of the environment (TRUNKLINE_STORAGE__BACKEND = \"s3\" …)."
  type        = map(string)
  default     = {}
  sensitive   = true
}
