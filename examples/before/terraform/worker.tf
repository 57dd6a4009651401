resource "aws_ecs_task_definition" "worker" {
  family = "worker"
  container_definitions = jsonencode([
    {
      name  = "worker"
      image = "registry.example.com/shop/worker:latest"
    }
  ])
}
