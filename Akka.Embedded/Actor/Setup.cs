using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor.Setup
{
    /// <summary>Settings given in code.</summary>
    public abstract class Setup
    {
        protected Setup()
        {
        }

        public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
    }

    /// <summary>Setups of a system, one per type.</summary>
    public sealed class ActorSystemSetup
    {
        public static readonly ActorSystemSetup Empty = new([]);

        private readonly Dictionary<Type, Setup> _setups;

        private ActorSystemSetup(Dictionary<Type, Setup> setups)
        {
            _setups = setups;
        }

        public static ActorSystemSetup Create(params Setup[] setups) => new(setups.ToDictionary(s => s.GetType()));

        public Option<T> Get<T>() where T : Setup => _setups.TryGetValue(typeof(T), out var setup) ? new Option<T>((T)setup) : Option<T>.None;

        public ActorSystemSetup And<T>(T setup) where T : Setup => WithSetup(setup);

        public ActorSystemSetup WithSetup<T>(T setup) where T : Setup =>
            new(new Dictionary<Type, Setup>(_setups) { [setup.GetType()] = setup });
    }
}

namespace Akka.Actor
{
    /// <summary>Where references may lead: this process, other systems, a cluster.</summary>
    public abstract class ProviderSelection
    {
        private ProviderSelection(string name)
        {
            Name = name;
        }

        internal string Name { get; }

        /// <summary>This process only.</summary>
        public sealed class Local : ProviderSelection
        {
            public static readonly Local Instance = new();

            private Local() : base("local")
            {
            }
        }

        /// <summary>Other systems.</summary>
        public sealed class Remote : ProviderSelection
        {
            public static readonly Remote Instance = new();

            private Remote() : base("remote")
            {
            }
        }

        /// <summary>A cluster.</summary>
        public sealed class Cluster : ProviderSelection
        {
            public static readonly Cluster Instance = new();

            private Cluster() : base("cluster")
            {
            }
        }
    }

    /// <summary>What a system starts from.</summary>
    public class BootstrapSetup : Setup.Setup
    {
        private BootstrapSetup(Option<Config> config, Option<ProviderSelection> provider)
        {
            Config = config;
            ActorRefProvider = provider;
        }

        public Option<Config> Config { get; }

        public Option<ProviderSelection> ActorRefProvider { get; }

        public static BootstrapSetup Create() => new(Option<Config>.None, Option<ProviderSelection>.None);

        public BootstrapSetup WithConfig(Config config) => new(new Option<Config>(config), ActorRefProvider);

        public BootstrapSetup WithConfigFallback(Config config) =>
            new(new Option<Config>(Config.HasValue ? Config.Value.SafeWithFallback(config) : config), ActorRefProvider);

        public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, new Option<ProviderSelection>(name));
    }
}
