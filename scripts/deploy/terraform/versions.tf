# No provider: this makes what any cloud's machine is started with, and leaves machines, networks and names to the cloud.
terraform {
  required_version = ">= 1.5"
}
