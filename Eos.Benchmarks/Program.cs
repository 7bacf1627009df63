using Eos.Benchmarks;

var all = typeof(IBenchmark).Assembly.GetTypes()
    .Where(t => t is { IsAbstract: false, IsInterface: false } && typeof(IBenchmark).IsAssignableFrom(t))
    .Select(t => (IBenchmark)Activator.CreateInstance(t)!)
    .OrderBy(b => b.Name, StringComparer.Ordinal)
    .ToList();

if (args is ["--rivals", ..]) args[0] = new RedisBench().Name;
if (args.Length == 0 || all.FirstOrDefault(b => b.Name == args[0]) is not { } chosen)
{
    Console.Error.WriteLine("usage: eos bench <name> [options]");
    foreach (var b in all) Console.Error.WriteLine($"  {b.Name,-12} {b.Purpose}");
    return args.Length == 0 ? 0 : 22;
}
await chosen.Run(args[1..]);
return 0;
