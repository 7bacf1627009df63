namespace Eos.Identity;

/// <summary>What a space says of the rules in directories whose files it takes: one attribute, as it is configured, with its sign.</summary>
/// <param name="Space">Empty: the space of directories that name none.</param>
public sealed record SpaceRule(string Space, string Key, string Value);
