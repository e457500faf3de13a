output "user_data" {
  description = "What each machine is started with (cloud-init), by the name of its instance."
  value       = local.user_data
  sensitive   = true
}

output "haproxy_servers" {
  description = "The lines of haproxy.cfg that name the instances."
  value       = local.haproxy_servers
}

output "scrape_targets" {
  description = "The targets of prometheus.yml."
  value       = [for address in values(var.instances) : "${address}:8000"]
}
